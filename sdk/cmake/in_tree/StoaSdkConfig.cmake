# In Stoa's own tree the targets and functions are there already: the examples find them as they do an installed SDK.
set(StoaSdk_FOUND TRUE)
