#include "storage/scope.hpp"

namespace stoa::core::storage {

Scope& this_scope() {
  thread_local Scope scope;
  return scope;
}

}  // namespace stoa::core::storage
