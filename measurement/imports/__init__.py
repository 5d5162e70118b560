"""Figures from files: a report's own file out and back in, and long files of many partners and periods.

The way of a file: taken in (a row and a private file), looked into, read as a table, its lines matched with the figures
that are expected, judged by the rules that hold for what is typed (`submissions.reading`), listed line by line; when
somebody confirms, applied by the operations that people's own typing goes through, all of it or nothing.

Decisions. There is one format: a line is a figure, its columns are found by their headings, in any order, among any
others. The file of a report is the same format, with the words that help people beside it. Nothing in a file is
guessed: a number that could be two numbers, a date where a number belongs, a formula, a merged cell is refused with its
place, and an empty field leaves what is there as it is. Files are looked into before anything else reads them, and what
they unpack to is counted while it is read. What a partner may not know about is not known here: the sentence about it
is the same as about what does not exist. Taking over is one transaction with the end of its run.
"""
