"""Other people's calendars: fetched through the one way out, read in a limited process, told as what is taken."""
