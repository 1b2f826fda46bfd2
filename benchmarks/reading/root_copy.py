"""Write a run anew with ROOT, which chooses its baskets as it does in a data acquisition."""

import sys

import ROOT

options = ROOT.RDF.RSnapshotOptions()
options.fCompressionAlgorithm = ROOT.RCompressionSetting.EAlgorithm.kLZ4
options.fCompressionLevel = 1
ROOT.RDataFrame("event", sys.argv[1]).Snapshot("event", sys.argv[2], "", options)
