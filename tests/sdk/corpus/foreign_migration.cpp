// Its migration makes a table that is not its own.
#include "skeleton.hpp"

BAD_PLUGIN(bad::description<&bad::nothing_bad>())
