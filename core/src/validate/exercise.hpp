// Calls everything a plugin has registered, with made-up input, as the host would.
#pragma once

#include "validate/stage.hpp"
#include "validate/watch.hpp"

namespace stoa::core::validate {

// [jobs] `generation` is started. Told: exceptions, answers that break the contract, callbacks that answer
// not at all. Timers run once, whenever they are due, and so do the entries that the plugin itself has
// enqueued meanwhile: payloads are its own, so none is made up. With `lenient` an answer 500 is none of that,
// because a host call was made to fail.
void exercise(Stage& stage, Watch& watch, const plugins::GenerationPtr& generation, bool lenient);

}  // namespace stoa::core::validate
