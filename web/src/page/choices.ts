// Selects whose options come from the API: programs and groups.
import { get } from '../api/client';
import type { Page, Program } from '../api/types';
import type { Group } from '../api/partners';

let programs: Promise<Program[]> | null = null;

/** All programs, asked for once a page. */
export function allPrograms(): Promise<Program[]> {
  programs ??= get<Page<Program>>('/programs', { limit: 200 }).then(
    (answer) => answer.data,
    (error: unknown) => {
      programs = null;
      throw error;
    },
  );
  return programs;
}

export async function programName(id: string): Promise<string> {
  return (await allPrograms()).find((program) => program.id === id)?.name ?? id;
}

/** Fills a select with programs after the options that stand in the page. */
export async function fillPrograms(select: HTMLSelectElement): Promise<Program[]> {
  const found = await allPrograms();
  const { value } = select;
  const kept = [...select.options].filter((option) => !option.dataset.filled);
  const made = found.map((program) => {
    const option = new Option(program.name, program.id);
    option.dataset.filled = 'true';
    return option;
  });
  select.replaceChildren(...kept, ...made);
  if (value) select.value = value;
  return found;
}

export async function groupsOf(programId: string): Promise<Group[]> {
  if (programId === '') return [];
  return (await get<Page<Group>>('/groups', { program_id: programId, limit: 200 })).data;
}

export async function fillGroups(select: HTMLSelectElement, programId: string): Promise<void> {
  const groups = await groupsOf(programId);
  const kept = [...select.options].slice(0, 1);
  select.replaceChildren(...kept, ...groups.map((group) => new Option(group.name, group.id)));
}
