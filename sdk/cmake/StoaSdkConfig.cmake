include(${CMAKE_CURRENT_LIST_DIR}/StoaSdkTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/StoaAddPlugin.cmake)
