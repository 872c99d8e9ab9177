// The checks of a plugin that need a process of their own. Each tells its faults; throws std::runtime_error
// when it cannot be made.
#pragma once

#include <filesystem>

#include "plugins/elf.hpp"
#include "validate/child.hpp"
#include "validate/stage.hpp"

namespace stoa::core::validate {

struct Place {
  std::filesystem::path scratch;               // of this check alone
  std::vector<std::filesystem::path> shelves;  // of required plugins
};

using Check = void (*)(Teller&, const plugins::Binary&, const Place&);

// Every symbol comes from a library it names, never from the host.
void check_undefined(Teller&, const plugins::Binary&, const Place&);
// Loading it runs its constructors: quickly, and without starting threads.
void check_load(Teller&, const plugins::Binary&, const Place&);
// What its entry returns.
void check_description(Teller&, const plugins::Binary&, const Place&);
// The schema accepts its own defaults and refuses what it does not know.
void check_settings(Teller&, const plugins::Binary&, const Place&);
// On an empty database, again, and from each earlier step.
void check_migrations(Teller&, const plugins::Binary&, const Place&);
// create, start, drain, stop, destroy.
void check_lifecycle(Teller&, const plugins::Binary&, const Place&);
// No thread and no descriptor outlives it.
void check_leaks(Teller&, const plugins::Binary&, const Place&);
// 100 times create and destroy, in steady memory.
void check_cycles(Teller&, const plugins::Binary&, const Place&);
// A host without one of the tables, or with an older one: refused or done without, in good order.
void check_tables(Teller&, const plugins::Binary&, const Place&);
// Everything it registers, called with made-up input.
void check_callbacks(Teller&, const plugins::Binary&, const Place&);
// The same, with each host call failing in turn.
void check_faults(Teller&, const plugins::Binary&, const Place&);

}  // namespace stoa::core::validate
