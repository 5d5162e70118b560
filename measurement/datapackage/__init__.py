"""A whole initiative in and out, as a Frictionless Data Package: README.md in this folder describes it.

Decisions. Rows name each other by codes, so a package means the same in every installation. What is stored
is read back by the statements of the export, so "new", "as before" and "different" are one comparison, and
loading twice changes nothing. Everything is judged before anything is stored. Sign-ins, discussions, mails
and the audit trail are no part of a package: they belong to the installation in which they happened.
"""
