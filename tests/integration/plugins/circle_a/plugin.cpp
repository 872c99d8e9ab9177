#include "stoa/stoa.hpp"

STOA_PLUGIN([](stoa::App&) {});
