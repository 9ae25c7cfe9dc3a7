// Kept to old syntax: it has to be readable by the very Node it turns away.

export var oldestNode = [20, 19];

/** The sentence to print when this Node is too old, or nothing. */
export function nodeTooOld(version) {
  var parts = version.split('.').map(Number);
  var enough = parts[0] > oldestNode[0] || (parts[0] === oldestNode[0] && parts[1] >= oldestNode[1]);
  if (enough) return undefined;
  return (
    'set-up: Acequia needs Node ' +
    oldestNode.join('.') +
    ' or newer; this is Node ' +
    version +
    ' at ' +
    process.execPath +
    '.\n' +
    'Install a current Node (https://nodejs.org, or `nvm install --lts`) and run the same command again.'
  );
}
