"""Where everything in the chest lies: one adult woman, in mm of the patient (see `shapes`).

The origin lies in the middle line at the level of the heart's centre.
"""

from __future__ import annotations

import numpy as np

# Levels (z), and at each of them: half width and half depth of the pleural space and the middle of
# its depth; the apex lies behind.
LEVELS = np.array([-150.0, -100.0, -50.0, 0.0, 45.0, 80.0, 110.0, 130.0, 146.0, 157.0, 163.0])
PLEURA_WIDTH = np.array([124.0, 130.0, 133.0, 131.0, 122.0, 109.0, 95.0, 80.0, 62.0, 42.0, 5.0])
PLEURA_DEPTH = np.array([86.0, 90.0, 91.0, 87.0, 79.0, 69.0, 60.0, 52.0, 43.0, 30.0, 5.0])
PLEURA_MIDDLE = np.array([6.0, 4.0, 2.0, 2.0, 6.0, 11.0, 18.0, 24.0, 29.0, 32.0, 33.0])

# Skin: half width and depth of the trunk, with shoulders above and the neck at the end.
SKIN_LEVELS = np.array([-220.0, -150.0, -50.0, 40.0, 90.0, 120.0, 150.0, 172.0, 192.0, 215.0])
SKIN_WIDTH = np.array([158.0, 156.0, 162.0, 166.0, 178.0, 196.0, 196.0, 168.0, 92.0, 62.0])
SKIN_DEPTH = np.array([104.0, 106.0, 110.0, 108.0, 102.0, 94.0, 82.0, 70.0, 62.0, 58.0])
ARMS_UP_WIDTH = np.array([158.0, 156.0, 160.0, 162.0, 166.0, 168.0, 160.0, 140.0, 92.0, 62.0])

# Domes of the diaphragm: x, y and z of the top.
RIGHT_DOME, LEFT_DOME = (-64.0, -10.0, -48.0), (66.0, -10.0, -58.0)
DOME_FALL = 80.0

SPINE_Y = 60.0
BREASTS = (((80.0, -86.0, -26.0), (62.0, 36.0, 50.0)), ((-80.0, -86.0, -26.0), (62.0, 36.0, 50.0)))

# Courses of x, y, z and radius.
TRACHEA = np.array([
    (0, 10, 220, 9.0), (0, 16, 150, 9.0), (-1, 22, 100, 8.8), (-3, 26, 72, 8.8),
])  # fmt: skip
RIGHT_BRONCHUS = np.array(
    [(-3, 26, 72, 7.6), (-18, 27, 56, 7.2), (-32, 28, 40, 6.0), (-40, 30, 20, 4.6)]
)
LEFT_BRONCHUS = np.array(
    [(-3, 26, 72, 6.8), (16, 27, 58, 6.2), (36, 30, 44, 5.6), (44, 34, 26, 4.4)]
)
AORTA = np.array([
    (2, -6, 14, 14.5), (-10, -18, 32, 15.0), (-16, -18, 54, 15.0), (-12, -10, 74, 14.5),
    (0, 4, 86, 13.5), (14, 20, 88, 13.0), (23, 34, 80, 12.5), (25, 42, 62, 12.0),
    (24, 46, 30, 11.8), (22, 46, -10, 11.5), (16, 42, -60, 11.0), (6, 36, -110, 10.5),
    (3, 34, -180, 10.0),
])  # fmt: skip
SUPERIOR_CAVA = np.array([(-24, -2, 108, 8.0), (-26, -4, 70, 9.5), (-26, -2, 34, 10.5)])
INFERIOR_CAVA = np.array(
    [(-22, 4, -24, 12.0), (-24, 14, -64, 12.0), (-20, 26, -120, 11.0), (-18, 28, -180, 11.0)]
)
PULMONARY_TRUNK = np.array([(16, -34, 22, 14.0), (22, -26, 40, 14.5), (24, -10, 52, 14.0)])
LEFT_ARTERY = np.array(
    [(24, -10, 52, 12.5), (36, 8, 58, 11.5), (48, 26, 50, 10.0), (54, 34, 34, 8.0)]
)
RIGHT_ARTERY = np.array(
    [
        (24, -10, 52, 12.5),
        (0, 6, 50, 11.5),
        (-26, 10, 46, 11.0),
        (-46, 16, 38, 9.5),
        (-54, 24, 22, 8.0),
    ]
)
ARM_VESSELS = (
    np.array([(-12, -10, 86, 6.5), (-18, -8, 110, 6.0), (-30, -4, 140, 5.5), (-60, 4, 152, 4.5)]),
    np.array([(4, 2, 92, 4.5), (12, 4, 120, 4.2), (18, 8, 170, 3.6)]),
    np.array([(14, 14, 94, 5.0), (22, 14, 120, 5.0), (40, 14, 146, 4.8), (66, 10, 150, 4.2)]),
    np.array([(-26, -6, 100, 8.0), (-10, -26, 118, 7.0), (24, -24, 128, 6.5), (60, -6, 140, 5.5)]),
)  # fmt: skip

# Filling of the mediastinum between its organs: centre and half axes.
MEDIASTINUM = (
    ((1.0, 6.0, 92.0), (29.0, 46.0, 88.0)),
    ((-4.0, 40.0, -10.0), (22.0, 26.0, 130.0)),
    ((0.0, -70.0, 40.0), (9.0, 30.0, 110.0)),
    ((18.0, -34.0, -58.0), (56.0, 46.0, 26.0)),
)

# Heart: centre, half axes and, for the ventricles, the direction of the long axis.
HEART_AXIS = (0.62, -0.54, -0.57)
LEFT_VENTRICLE = ((34.0, -14.0, -24.0), (31.0, 31.0, 50.0))
LEFT_CAVITY = ((32.0, -12.0, -21.0), (21.0, 21.0, 42.0))
RIGHT_VENTRICLE = ((20.0, -44.0, -28.0), (33.0, 28.0, 47.0))
RIGHT_CAVITY = ((18.0, -44.0, -26.0), (28.0, 23.0, 42.0))
RIGHT_ATRIUM = ((-20.0, -18.0, -8.0), (23.0, 30.0, 34.0))
LEFT_ATRIUM = ((4.0, 22.0, 12.0), (33.0, 19.0, 23.0))
APPENDAGE = ((40.0, -8.0, 28.0), (13.0, 16.0, 14.0))

LIVER = (((-66.0, -6.0, -108.0), (84.0, 92.0, 68.0)), ((-6.0, -36.0, -92.0), (62.0, 52.0, 36.0)))
SPLEEN = ((94.0, 44.0, -102.0), (30.0, 38.0, 46.0))
STOMACH = ((56.0, -6.0, -104.0), (48.0, 50.0, 38.0))
GASTRIC_AIR = -86.0  # z above which the stomach holds air when the patient stands
KIDNEYS = (((50.0, 46.0, -160.0), (26.0, 24.0, 48.0)), ((-52.0, 46.0, -172.0), (26.0, 24.0, 48.0)))
