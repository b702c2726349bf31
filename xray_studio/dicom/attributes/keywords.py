"""The attributes that display needs, by DICOM keyword; all others are skipped unread."""

KEYWORDS = (
    # Who and what
    "SpecificCharacterSet", "PatientName", "PatientID", "PatientBirthDate", "PatientSex",
    "AccessionNumber",
    "InstitutionName", "StudyDescription", "StudyDate", "StudyTime", "SeriesDate", "SeriesTime",
    "AcquisitionDate", "AcquisitionTime", "AcquisitionDateTime", "ContentDate", "ContentTime",
    "Modality", "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID",
    "SeriesNumber", "SeriesDescription", "BodyPartExamined", "InstanceNumber", "ImageType",
    "BurnedInAnnotation",
    # Geometry of the acquisition
    "PositionerPrimaryAngle", "PositionerSecondaryAngle", "PositionerPrimaryAngleIncrement",
    "PositionerSecondaryAngleIncrement", "PixelSpacing", "ImagerPixelSpacing",
    "NominalScannedPixelSpacing", "PixelSpacingCalibrationType", "PixelAspectRatio",
    "EstimatedRadiographicMagnificationFactor", "ImageOrientationPatient", "PatientOrientation",
    "AnatomicalOrientationType", "PixelIntensityRelationship", "PixelIntensityRelationshipSign",
    "ImagePositionPatient", "FrameOfReferenceUID", "SliceThickness", "SpacingBetweenSlices",
    # Pixels
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "LossyImageCompression",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelDataProviderURL",
    "EncapsulatedPixelDataValueTotalLength",
    "FloatPixelPaddingValue", "DoubleFloatPixelPaddingValue", "FloatPixelPaddingRangeLimit",
    "DoubleFloatPixelPaddingRangeLimit", "RealWorldValueMappingSequence",
    # Grey and colour transforms
    "RescaleSlope", "RescaleIntercept", "RescaleType", "ModalityLUTSequence", "Units",
    "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction",
    "VOILUTSequence", "PresentationLUTShape", "PresentationLUTSequence", "PixelPresentation",
    "ICCProfile", "ColorSpace", "OpticalPathSequence",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    # Shutters
    "ShutterShape", "ShutterLeftVerticalEdge", "ShutterRightVerticalEdge",
    "ShutterUpperHorizontalEdge", "ShutterLowerHorizontalEdge", "CenterOfCircularShutter",
    "RadiusOfCircularShutter", "VerticesOfThePolygonalShutter", "ShutterPresentationValue",
    "ShutterPresentationColorCIELabValue", "ShutterOverlayGroup",
    # Cine
    "RecommendedDisplayFrameRate", "CineRate", "FrameIncrementPointer", "FrameTime",
    "FrameTimeVector", "FrameDelay", "StartTrim", "StopTrim", "PreferredPlaybackSequencing",
    "ActualFrameDuration", "EffectiveDuration", "MaskSubtractionSequence",
    # Directories
    "DirectoryRecordSequence",
)  # fmt: skip
