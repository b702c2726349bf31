"""Volumes: where voxels lie in the patient, slices that make one, planes through it, SUV."""
