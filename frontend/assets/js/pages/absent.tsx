import { useEffect } from 'preact/hooks';
import { announce } from '../components/announcer';
import { Heading } from '../components/heading';
import { Empty, Skeleton } from '../components/states';
import { failures, isEnabled, isSettled, pluginName } from '../plugins/known';
import { serverPage } from '../initial';
import { router } from '../router/router';
import { KeptPage } from './server_page';

/** In the place of a page whose plugin was switched off while it was open, or visited before. */
function SwitchedOff({ plugin }: { plugin: string }) {
  const title = `${pluginName(plugin)} is switched off`;
  useEffect(() => announce(title), [title]);
  return (
    <>
      <Heading title={title} />
      <Empty icon="off" title="This part of the forum is switched off at the moment.">
        <p>Nothing is lost: this page comes back by itself as soon as it is switched on again.</p>
        {router.knows('/') && <a class="stoa-button" href="/">Go to the front page</a>}
      </Empty>
    </>
  );
}

function Broken({ plugin }: { plugin: string }) {
  return (
    <>
      <Heading title={`${pluginName(plugin)} does not work`} />
      <Empty icon="off" title={`The plugin “${pluginName(plugin)}” could not be started in this browser.`}>
        <p>The rest of the forum works. Loading the page again may help.</p>
        <a class="stoa-button" href={location.href} target="_self">Load it again</a>
      </Empty>
    </>
  );
}

/** Where no module answers: the page is the server's alone, its plugin or the page went, or there never was one. */
export function Absent() {
  const place = router.place.value;
  const { path } = place;
  const kept = serverPage?.answers(place) ? serverPage : null;
  const plugin = kept?.plugin ?? router.formerly(path);
  if (plugin !== undefined) {
    if (!isEnabled(plugin)) return <SwitchedOff plugin={plugin} />;
    if (kept) return <KeptPage page={kept} />;
    if (failures.value.has(plugin)) return <Broken plugin={plugin} />;
    // An upgrade may have done away with the page.
    if (!isSettled(plugin)) return <Skeleton />;
  }
  if (path === '/') {
    return (
      <>
        <Heading title="Welcome" />
        <Empty icon="home" title="This forum has no front page at the moment." />
      </>
    );
  }
  return (
    <>
      <Heading title="Page not found" />
      <Empty icon="search" title="There is nothing at this address.">
        <p>It may have been moved or deleted, or the part of the forum it belongs to is switched off.</p>
        <a class="stoa-button stoa-button-primary" href="/">Go to the front page</a>
      </Empty>
    </>
  );
}
