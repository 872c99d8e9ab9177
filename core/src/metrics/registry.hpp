// Every metric of this process.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "metrics/family.hpp"
#include "metrics/text.hpp"

namespace stoa::core::metrics {

// The metrics of one generation of a plugin.
using Families = std::vector<std::shared_ptr<Family>>;

class Registry {
 public:
  // [any-thread] The host's own: shown as long as the registry lives.
  Family& add(Description description);
  // [any-thread] Asked at each text(); writes whole families.
  void add_source(std::function<void(Text&)> source);

  // [any-thread] A family to be shown later. One that is shown now and is described alike is the same family,
  // so that the next generation of a plugin goes on with its values.
  std::shared_ptr<Family> make(Description description);
  // [any-thread] From here on they are in text(), instead of those of the same names that were shown before …
  void show(const Families& families);
  // … until here. What nobody shows any more is forgotten with its values.
  void hide(const Families& families);

  // [any-thread]
  std::string text() const;

 private:
  struct Shown {
    std::shared_ptr<Family> family;
    int times = 0;
  };
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Family>> own_;
  std::vector<std::function<void(Text&)>> sources_;
  std::map<std::string, std::vector<Shown>, std::less<>> shown_;  // by name, the newest last
};

}  // namespace stoa::core::metrics
