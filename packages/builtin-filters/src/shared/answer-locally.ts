import { HttpResponseMessage, StatusCategory } from '@sluice/filters';
import type { LocalResponse, SessionContext } from '@sluice/filters';

/**
 * Answers in place of any endpoint. Filters that have not run yet are skipped, but for those that
 * always run. It is no failure, whatever the status.
 */
export function answerLocally(context: SessionContext, filter: string, response: LocalResponse): void {
  context.staticResponse = HttpResponseMessage.make(context, response);
  context.stopFilterProcessing = true;
  context.answeredBy = filter;
  context.responseCodeDetails = filter.replaceAll('-', '_');
  context.setStatusCategory(StatusCategory.SUCCESS);
}
