const kBetween = ' · ';

/** The window's title while `page` is shown. */
export function titleOf(page: string, forum: string): string {
  return page && page !== forum ? page + kBetween + forum : forum;
}

/** The page in a title that the server made the same way; the forum's name on its own is the front page. */
export function pageOf(title: string, forum: string): string {
  return title.endsWith(kBetween + forum) ? title.slice(0, -(kBetween + forum).length) : title;
}
