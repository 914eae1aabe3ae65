/** `patrol135 view`: serves a results folder to the browser on this machine until it is interrupted. */
import { recoverFolder } from '../output-folder.ts';
import { startViewServer } from '../view-server.ts';
import { type AddCommand, wholeNumber, withCommonOptions } from './command.ts';

export const addView: AddCommand = (program, { output }) => {
  const command = program
    .command('view')
    .summary('watch a run in the browser')
    .description(
      'Serves a results folder and the viewer to this machine only (127.0.0.1) until it is interrupted with Ctrl-C.',
    )
    .argument('<results>', 'results folder')
    .option('--port <n>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 0);
  withCommonOptions(command, '$ patrol135 view results/gothenburg --port 8135').action(
    async (resultsFolder: string, { port }: { port: number }) => {
      await recoverFolder(resultsFolder);
      const { url } = await startViewServer({ resultsFolder, port });
      output.say(`Open ${url} in a browser; Ctrl-C ends it.`);
      output.document({ url, results: resultsFolder });
    },
  );
};
