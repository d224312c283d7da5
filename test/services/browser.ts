import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium as the system's packages bring it, or undefined when there is none. */
export function chromiumPath(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

/** Starts it without a window. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined)
    throw new Error(`no Chromium in ${PLACES.join(', ')}: apt-get install -y --no-install-recommends chromium`);
  return chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
}
