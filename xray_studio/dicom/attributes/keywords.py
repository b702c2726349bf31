"""The attributes that display needs, by DICOM keyword; all others are skipped unread."""

KEYWORDS = (
    # Who and what
    "SpecificCharacterSet", "PatientName", "PatientID", "PatientBirthDate", "PatientSex",
    "InstitutionName", "StudyDescription", "StudyDate", "StudyTime", "SeriesDate", "SeriesTime",
    "AcquisitionDate", "AcquisitionTime", "AcquisitionDateTime", "ContentDate", "ContentTime",
    "Modality", "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID",
    "SeriesNumber", "SeriesDescription", "InstanceNumber", "ImageType", "BurnedInAnnotation",
    # Geometry of the acquisition
    "PositionerPrimaryAngle", "PositionerSecondaryAngle", "PositionerPrimaryAngleIncrement",
    "PositionerSecondaryAngleIncrement", "PixelSpacing", "ImagerPixelSpacing",
    "NominalScannedPixelSpacing", "PixelSpacingCalibrationType", "PixelAspectRatio",
    "EstimatedRadiographicMagnificationFactor",
    # Pixels
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "LossyImageCompression",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelDataProviderURL",
    "FloatPixelPaddingValue", "DoubleFloatPixelPaddingValue",
    # Grey and colour transforms
    "RescaleSlope", "RescaleIntercept", "RescaleType", "ModalityLUTSequence", "Units",
    "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction",
    "VOILUTSequence", "PresentationLUTShape", "PixelPresentation",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    # Cine
    "RecommendedDisplayFrameRate", "CineRate", "FrameIncrementPointer", "FrameTime",
    "FrameTimeVector", "FrameDelay", "StartTrim", "StopTrim", "PreferredPlaybackSequencing",
    "ActualFrameDuration", "EffectiveDuration",
    # Directories
    "DirectoryRecordSequence",
)  # fmt: skip
