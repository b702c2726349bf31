"""Label maps without libraries: segments over a volume, edits and their undoing, what they measure.

Millimetres are those of the patient (LPS); boxes and indices are (plane, row, column).
"""
