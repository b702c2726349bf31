"""Objects that are read: structured reports, dose, key objects, waveforms, documents inside."""
