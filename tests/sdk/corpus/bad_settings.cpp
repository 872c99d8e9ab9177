// The defaults of its settings break their own schema, which knows no bounds either.
#include "skeleton.hpp"

BAD_PLUGIN(bad::description<&bad::nothing_bad>())
