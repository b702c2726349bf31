"""Values in files of other programs: NumPy archives, Zarr stores and NIfTI volumes."""
