// The beginning of a CSV file, as far as the mapping needs it: the names and a few rows. The server
// reads the whole file by itself.

const headBytes = 65_536;

/** The separator that the first line has most of. */
function separatorOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  const counted = [',', ';', '\t'].map((each) => [each, line.split(each).length] as const);
  counted.sort((a, b) => b[1] - a[1]);
  return counted[0]?.[0] ?? ',';
}

/** At most `max` records (RFC 4180). */
function records(text: string, max: number): string[][] {
  const separator = separatorOf(text);
  const found: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endRecord = (): void => {
    record.push(field);
    if (record.some((each) => each !== '')) found.push(record);
    record = [];
    field = '';
  };
  for (let at = 0; at < text.length && found.length < max; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === separator) {
      record.push(field);
      field = '';
    } else if (letter === '\n') endRecord();
    else if (letter !== '\r') field += letter;
  }
  if (found.length < max && (field !== '' || record.length > 0)) endRecord();
  return found;
}

/** UTF-8, else what older spreadsheets write. */
function decoded(bytes: ArrayBuffer, isCut: boolean): string {
  try {
    // A cut may go through the middle of a letter: `stream` forgives its end.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export const readText = async (file: File): Promise<string> =>
  decoded(await file.arrayBuffer(), false);

export interface Head {
  columns: string[];
  sample: string[];
}

export async function readHead(file: File): Promise<Head> {
  const bytes = await file.slice(0, headBytes).arrayBuffer();
  const text = decoded(bytes, file.size > headBytes);
  const [columns = [], sample = []] = records(text, 2);
  return { columns: columns.map((name) => name.trim()), sample };
}
