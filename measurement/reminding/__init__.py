"""What leads people to their reports in time: links that open one report, reminders, calendar feeds of due dates."""
