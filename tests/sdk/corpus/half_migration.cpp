// Its migration breaks in the middle.
#include "skeleton.hpp"

BAD_PLUGIN(bad::description<&bad::nothing_bad>())
