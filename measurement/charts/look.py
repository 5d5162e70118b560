"""The one look of every chart.

The colours of a status (on track, at risk, off track) are not used here: a line is no judgement.
"""

INK = "#1d1b18"
TEAL = "#0b5c61"
GREY = "#595959"
RULE = "#e0dbd1"
AXIS = "#857d70"
PAPER = "#ffffff"
HATCH = "#c4bbad"
ACTION = "#857d70"

FONT = "Inter, 'Inter Variable', system-ui, sans-serif"
SMALL = 12.0
TEXT = 13.0
LARGE = 15.0

NARROW = 480
