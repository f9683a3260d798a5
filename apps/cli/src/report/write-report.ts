import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { indexPage } from './index-page.js';
import type { DrawnPicture } from './index-page.js';
import { correlationPicture, drawdownPicture, pricePicture, volumePicture } from './pictures.js';
import { fillFolder } from './report-folder.js';
import type { ReportFacts } from './report-facts.js';
import type { Picture } from './svg-renderer.js';

const KINDS = [
  { name: 'price', draw: pricePicture, shows: 'last price, moving average and volatility band' },
  { name: 'volume', draw: volumePicture, shows: 'volume' },
  { name: 'drawdown', draw: drawdownPicture, shows: 'drawdown from the highest price so far' },
] as const;

/** Draws the report into `folder`: a picture at a time, and `index.html` last. */
export async function writeReport(facts: ReportFacts, folder: string, lakeFolder: string): Promise<void> {
  // 60 ms and 30 MB that no other command has to pay for.
  const { renderSvg } = await import('./svg-renderer.js');
  await fillFolder(folder, async (beside) => {
    const draw = async (name: string, alt: string, picture: Picture): Promise<DrawnPicture> => {
      const file = `${name}.svg`;
      await writeFile(join(beside, file), renderSvg(picture));
      return { file, alt };
    };
    const correlation =
      facts.correlation &&
      (await draw('correlation', 'Correlation of every two symbols', correlationPicture(facts.correlation)));
    const pictures: DrawnPicture[][] = [];
    for (const symbol of facts.symbols) {
      const drawn: DrawnPicture[] = [];
      for (const { name, draw: pictureOf, shows } of KINDS) {
        const file = `${name}-${encodeURIComponent(symbol.figures.symbol)}`;
        drawn.push(await draw(file, `${symbol.figures.symbol}: ${shows}`, pictureOf(symbol)));
      }
      pictures.push(drawn);
    }
    const page = indexPage({ facts, lakeFolder, writtenAt: new Date(), correlation, pictures });
    await writeFile(join(beside, 'index.html'), page);
    // `mkdtemp` makes folders for oneself; a report is to be shown.
    await chmod(beside, 0o755);
  });
}
