#include <stoa/json.hpp>
#include <stoa/stoa.hpp>

#include "@ID@_sql.hpp"  // made of sql/

namespace sql = stoa::@ID@::sql;

namespace {

// Everything that counts visits reads them here: routes, pages, other people's requests in between.
stoa::Result<std::int64_t> count_visits(stoa::App& app) {
  return app.storage().read([](stoa::Tx& tx) -> stoa::Result<std::int64_t> {
    auto row = tx.query<std::int64_t>(sql::count_visits).first();
    if (!row) return row.error();
    return std::get<0>(row->value());
  });
}

std::string greeting(stoa::App& app) {
  return stoa::parse_json(app.settings()).value()["greeting"].GetString();
}

}  // namespace

STOA_PLUGIN([](stoa::App& app) {
  app.get("/api/v1/x/@ID@/visits", stoa::Auth::none, [&app](stoa::Request&) -> stoa::Response {
    auto visits = count_visits(app);
    if (!visits) return visits.error();
    return stoa::json(200, stoa::Json().begin_object().field("visits", *visits).end_object().take());
  });

  stoa::RouteOptions without_body;
  app.post(
      "/api/v1/x/@ID@/visits", stoa::Auth::user,
      [&app](stoa::Request& request) -> stoa::Response {
        const std::string name(request.require_user().nickname);
        auto done = app.storage().write([&](stoa::Tx& tx) { return tx.exec(sql::add_visit, name, app.now_ms()); });
        if (!done) return done.error();
        return stoa::no_content();
      },
      without_body);

  // What readers without scripts, search engines and the first paint get.
  app.page("/x/@ID@", "@ID@.home", [&app](stoa::Request&) -> stoa::Result<stoa::Page> {
    auto visits = count_visits(app);
    if (!visits) return visits.error();
    stoa::Page page;
    page.title = "@ID@";
    page.html = "<h1 class=\"stoa-heading\">@ID@</h1><p>" + stoa::html_escaped(greeting(app)) + ", " + std::to_string(*visits) +
                " came by.</p>";
    return page;
  });
});
