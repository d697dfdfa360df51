import { Argument, Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { modeAnswer } from './operate-answers.ts';
import type { Terminal } from './terminal.ts';

/** `sluice mode SERVICE MODE`: until the next apply of its file says another. */
export function modeCommand(terminal: Terminal): Command {
  return talking(
    new Command('mode').description('put a service into another mode, until its policy file is applied with another: write it there, too'),
  )
    .argument('<service>', 'name of the service, or customer/name')
    .addArgument(new Argument('<mode>', 'what it may do').choices(['off', 'observe', 'out-only', 'on']))
    .option('--customer <name>', 'the customer that the service belongs to')
    .action(async (name: string, mode: string, options: TalkOptions & { readonly customer?: string }) => {
      const { client } = adminFor(options, terminal);
      const found = await findService(client, name, options.customer);
      const set = readAnswer(modeAnswer, await client.post('/v1/mode', { ...found, mode }));
      const tagged = set.inForce === set.mode ? '' : ` In force is ${set.inForce}, by the tag sluice:mode on the ECS service.`;
      const changed =
        set.before === set.mode ? `${set.service} was in mode ${set.mode} already.` : `${set.service}: mode ${set.before} → ${set.mode}.`;
      answer(terminal, options, { customer: found.customer, ...set }, `${changed}${tagged}`);
    });
}
