"""The attack library: a catalogue as data, what is said, which to try next, what it forecasts."""
