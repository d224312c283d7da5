import { wantedViews, type ViewLine } from '../../lineage/index.js';
import type { PartReport } from '../../report/index.js';
import { SliceWriter } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** Stages the views whose lineage is wanted. The list is small and its order the server's, so a retry makes it anew. */
export function stageViewsActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress, signal } = context;
      const stage = await openLineageStage(shared, input, context);
      const address = stage.slice(STAGES.views, ONE);
      const writer = await SliceWriter.open<string, PartReport>(shared.store, address, () => recorder.take(), progress);
      if (!writer.complete) {
        const { client, config } = stage;
        const behind = writer.resumeFrom;
        let isBehind = typeof behind === 'string';
        for await (const view of wantedViews({ client, service: input.plan.service, config, recorder, signal })) {
          if (!isBehind) await writer.add(view satisfies ViewLine, view.fqn);
          else if (view.fqn === behind) isBehind = false;
        }
        await writer.finish();
      }
      return stageResult(shared.store, [address]);
    });
}
