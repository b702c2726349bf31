"""The panel of the pipeline of the picture in view."""
