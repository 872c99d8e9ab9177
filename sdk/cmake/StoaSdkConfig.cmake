# find_package(StoaSdk 1.0): the targets StoaSdk::headers and StoaSdk::testing, stoa_add_plugin(), stoa_add_plugin_test().
include(${CMAKE_CURRENT_LIST_DIR}/StoaSdkTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/StoaAddPlugin.cmake)
