#include "config/cross_checks.hpp"

#include <functional>
#include <set>

#include "config/network.hpp"
#include "config/plugin_id.hpp"
#include "config/rule_text.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;

class Checks {
 public:
  Checks(const Tree& tree, std::vector<Mistake>& mistakes) : tree_(tree), mistakes_(mistakes) {}

  void host() {
    const KeyPath path{"http", "host"};
    const Value* host = tree_.find(path);
    if (!host || !host->IsString() || host->GetStringLength() == 0) return;
    if (is_address(text_of(*host)) || is_host_name(text_of(*host))) return;
    reject(path, "must be an address such as 127.0.0.1 or ::, or a host name, not " + shown(*host));
  }

  void public_url() {
    const KeyPath path{"http", "public_url"};
    const Value* url = tree_.find(path);
    if (!url || !url->IsString() || url->GetStringLength() == 0 || is_public_url(text_of(*url))) return;
    reject(path, "must be http://host or https://host, with a port if need be and without a path, not " +
                     shown(*url));
  }

  void trusted_proxies() {
    each_text({"http", "trusted_proxies"}, [&](const KeyPath& path, const Value& proxy) {
      if (proxy.GetStringLength() == 0 || is_network(text_of(proxy))) return;
      reject(path, "must be an address or a network such as 10.0.0.0/8, not " + shown(proxy));
    });
  }

  void enabled() {
    std::set<std::string_view> seen;
    each_text({"plugins", "enabled"}, [&](const KeyPath& path, const Value& id) {
      if (!seen.insert(text_of(id)).second) reject(path, "names " + shown(id) + " a second time");
    });
  }

  void plugin_sections() {
    const Value* sections = tree_.find({"plugin"});
    if (!sections || !sections->IsObject()) return;
    for (const auto& entry : sections->GetObject()) {
      const std::string_view id = text_of(entry.name);
      if (!is_plugin_id(id)) reject(KeyPath{"plugin"} / id, not_a_plugin_id(id));
    }
  }

 private:
  void each_text(const KeyPath& path, const std::function<void(const KeyPath&, const Value&)>& look) {
    const Value* list = tree_.find(path);
    if (!list || !list->IsArray()) return;
    for (rapidjson::SizeType i = 0; i < list->Size(); ++i) {
      if ((*list)[i].IsString()) look(path / element_name(i), (*list)[i]);
    }
  }

  void reject(const KeyPath& path, const std::string& message) {
    mistakes_.push_back({tree_.origin(path).where, dotted(path), message});
  }

  const Tree& tree_;
  std::vector<Mistake>& mistakes_;
};

}  // namespace

void cross_check(const Tree& tree, std::vector<Mistake>& mistakes) {
  Checks checks(tree, mistakes);
  checks.host();
  checks.public_url();
  checks.trusted_proxies();
  checks.enabled();
  checks.plugin_sections();
}

}  // namespace stoa::core::config
