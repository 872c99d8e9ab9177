// Exports everything it has, one symbol of it unique in the whole process.
#include "skeleton.hpp"

template <class T>
struct Shared {
  static inline int value = 1;
};

int open_house_other() {
  return Shared<int>::value;
}

BAD_PLUGIN(bad::description<&bad::nothing_bad>())
