def encode_pixel_data(
    src: bytes,
    lossy_error: int = 0,
    *,
    rows: int,
    columns: int,
    samples_per_pixel: int,
    bits_stored: int,
    planar_configuration: int,
) -> bytearray: ...
