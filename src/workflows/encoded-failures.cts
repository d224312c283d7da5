/**
 * The failure converter of runs whose payloads are encrypted: messages and stacks of failures are payloads as well, and the history says
 * "Encoded failure" in their place. CommonJS, since the SDK requires it by its path.
 */
import common = require('@temporalio/common');

export = { failureConverter: new common.DefaultFailureConverter({ encodeCommonAttributes: true }) };
