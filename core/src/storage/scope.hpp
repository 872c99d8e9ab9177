// What this thread is doing with a database now, so that what cannot work is an error and not a deadlock.
#pragma once

namespace stoa::core::storage {

class Connection;

struct Scope {
  const void* database = nullptr;    // whose writer thread this is
  bool in_closure = false;           // of a write
  const void* reading = nullptr;     // the database a read is open on
  Connection* connection = nullptr;  // of that read
};

Scope& this_scope();

}  // namespace stoa::core::storage
