import { HttpStatusError } from '../error/http-status-error.ts';
import { StatusCategory } from '../error/status-category.ts';

/** No filter has chosen an endpoint, and there is no default. */
export function noEndpoint(): HttpStatusError {
  return new HttpStatusError(404, 'No route matches the request.', {
    category: StatusCategory.SUCCESS_LOCAL_NO_ROUTE,
    reason: 'destination_not_found',
  });
}

/** The endpoint that was chosen is turned off, by the operator or for the route. */
export function endpointDisabled(): HttpStatusError {
  return new HttpStatusError(503, 'The service is turned off.', {
    reason: 'proxy_configuration_error',
    details: 'endpoint_disabled',
  });
}
