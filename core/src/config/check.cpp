#include "config/check.hpp"

#include <algorithm>
#include <map>

#include "config/explain.hpp"
#include "stoa/rapidjson.hpp"

// Exceptions instead of abort(). Without the word its adapter does not try to set up RapidJSON, which has
// been done above.
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/exceptions.hpp>
#undef VALIJSON_USE_EXCEPTIONS
#include <valijson/adapters/rapidjson_adapter.hpp>
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace stoa::core::config {
namespace {

using rapidjson::Value;
using valijson::adapters::RapidJsonAdapter;

// Places that are wrong, each with valijson's own words.
std::map<KeyPath, std::string> faults(const Schema& schema, const Value& value) {
  valijson::Schema compiled;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  const RapidJsonAdapter source(schema.root());
  parser.populateSchema(source, compiled);

  valijson::Validator validator;
  valijson::ValidationResults results;
  const RapidJsonAdapter target(value);
  std::map<KeyPath, std::string> places;
  if (validator.validate(compiled, target, &results)) return places;
  for (const auto& error : results) {
    KeyPath place;
    const Value* at = &value;
    // "<root>", "[http]", "[port]".
    for (std::size_t i = 1; i < error.context.size(); ++i) {
      const std::string& step = error.context[i];
      const bool in_list = at && at->IsArray();
      place.push_back(in_list ? step : step.substr(1, step.size() - 2));
      if (in_list) {
        at = &(*at)[static_cast<rapidjson::SizeType>(std::stoul(step.substr(1)))];
      } else {
        at = at ? member(*at, place.back()) : nullptr;
      }
    }
    places[place] = error.description;
  }
  return places;
}

const Value* value_at(const Value& root, const KeyPath& place) {
  const Value* at = &root;
  for (const std::string& name : place) {
    at = at->IsArray() ? &(*at)[static_cast<rapidjson::SizeType>(std::stoul(name.substr(1)))]
                       : member(*at, name);
    if (!at) return nullptr;
  }
  return at;
}

bool is_around(const KeyPath& outer, const KeyPath& inner) {
  return outer.size() < inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

}  // namespace

void check(const Schema& schema, const Tree& tree, const KeyPath& base, std::vector<Mistake>& mistakes) {
  static const Value nothing(rapidjson::kObjectType);
  const Value* found = tree.find(base);
  const Value& value = found ? *found : nothing;
  const auto report = [&](const KeyPath& place, const std::string& message) {
    KeyPath path = base;
    path.insert(path.end(), place.begin(), place.end());
    mistakes.push_back({tree.origin(path).where, dotted(path), message});
  };
  try {
    const std::map<KeyPath, std::string> places = faults(schema, value);
    for (auto place = places.begin(); place != places.end(); ++place) {
      const Value* wrong = value_at(value, place->first);
      KeyPath path = base;
      path.insert(path.end(), place->first.begin(), place->first.end());
      const bool secret = schema.is_secret(place->first) || tree.origin(path).secret;
      const auto findings =
          wrong ? explain(schema, *wrong, base, place->first, secret) : std::vector<Finding>();
      for (const Finding& finding : findings)
        report(finding.member.empty() ? place->first : place->first / finding.member, finding.message);
      // Places around a wrong one are called wrong too; the map has them right before what is inside.
      const auto next = std::next(place);
      const bool blamed_inside = next != places.end() && is_around(place->first, next->first);
      if (findings.empty() && !blamed_inside) report(place->first, "is not allowed here: " + place->second);
    }
  } catch (const std::exception& error) {
    report({}, std::string("cannot be checked, because its schema is broken: ") + error.what());
  }
}

}  // namespace stoa::core::config
