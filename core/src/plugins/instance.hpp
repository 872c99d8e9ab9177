// The steps in the life of one generation. [lifecycle]
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plugins/generation.hpp"

namespace stoa::core::plugins {

// Loads the image if it is not mapped yet, and calls create. Errors: validation, in words for the operator.
Result<GenerationPtr> create_generation(HostParts& parts, const Binary& binary, std::string settings,
                                        const std::filesystem::path& run_directory);

// Applies what is missing. While `serving` beside it, only what an older generation can live with: CREATE,
// and columns added that may be NULL or have a default.
Result<void> migrate_generation(const Generation& generation, const Generation* serving);

// Calls start, and asks for its health.
Result<void> start_generation(Generation& generation);

// Its durable subscribers, from where an earlier generation stopped. The handles end them.
Result<std::vector<std::shared_ptr<void>>> subscribe_generation(const GenerationPtr& generation);

// Of one that never took calls.
void discard_generation(Generation& generation);

// Takes no more calls, lets those that run end, stops and destroys it. False: some did not end in time
// (deferred answers are then answered 503): it is left as it is, until end_generation().
bool retire_generation(Generation& generation, std::chrono::milliseconds deadline);

// One that did not end in time: stops and destroys it if nothing runs in it any more. False: something does.
bool end_generation(Generation& generation);

// New settings, checked against its schema. Error: unsupported (it must be made anew), else its own.
Result<void> configure_generation(Generation& generation, const std::string& settings);

}  // namespace stoa::core::plugins
