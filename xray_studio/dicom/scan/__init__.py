"""Headers of many files, fast, as far as a catalogue needs them."""
