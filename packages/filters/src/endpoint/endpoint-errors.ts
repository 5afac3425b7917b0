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

/** What a filter has chosen can't be run; untyped code gives the name of an endpoint in the place of its class. */
export function notListed(endpoint: unknown): TypeError {
  const what = typeof endpoint === 'function' ? endpoint.name : `context.endpoint, ${String(endpoint)},`;
  return new TypeError(`${what} is not among the filters of the gateway. List its class there.`);
}
