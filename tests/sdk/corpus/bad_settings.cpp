// The defaults of its settings break their own schema, which takes settings it does not know, too.
#include "skeleton.hpp"

BAD_PLUGIN(bad::description<&bad::nothing_bad>())
