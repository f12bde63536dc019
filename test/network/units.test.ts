// SPDX-License-Identifier: Apache-2.0
import { unitOf } from 'yuanliu-network/commands/units';

test('a unit gives a process its words as they are, and starts it anew however often it failed', () => {
  const unit = unitOf(
    {
      name: 'peer.a',
      program: '/data of $1/bin/peer',
      args: ['node', '--note', 'a "b" \\ 100% of $HOME'],
      env: { FABRIC_CFG_PATH: '/data of $1/100%', NOTE: 'a "b"' },
      cwd: '/data of $1/100%',
    },
    'clerk',
  );
  // As systemd 252 read them: `$` is doubled in arguments, not in the program's name or a variable; `%` is everywhere.
  expect(unit.split('\n')).toEqual(
    expect.arrayContaining([
      'User=clerk',
      'WorkingDirectory=/data of $1/100%%',
      'Environment="FABRIC_CFG_PATH=/data of $1/100%%"',
      'Environment="NOTE=a \\"b\\""',
      'ExecStart="/data of $1/bin/peer" "node" "--note" "a \\"b\\" \\\\ 100%% of $$HOME"',
      'StartLimitIntervalSec=0',
    ]),
  );
});
