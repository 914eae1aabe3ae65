/** Opening a folder by hand: dropped onto the page or chosen. Looks at names and sizes only; the worker reads. */
import { byId, setText } from './dom.ts';
import { VIEWER_LIMITS } from './limits.ts';
import type { MessageKey, Params, Wording } from './i18n.ts';
import type { Problem } from './problem.ts';
import { isResultFileName } from './source.ts';

export class Opener {
  readonly #onFiles: (files: File[]) => void;
  #wording: Wording;
  #problem: { key: MessageKey; params: Params } | null = null;
  #canClose = false;
  #limitBytes: number;
  #openedFrom: HTMLElement | null = null;

  constructor(wording: Wording, limitBytes: number, onFiles: (files: File[]) => void) {
    this.#wording = wording;
    this.#limitBytes = limitBytes;
    this.#onFiles = onFiles;
    for (const [button, input] of [
      ['choose-folder', 'folder-input'],
      ['choose-files', 'file-input'],
    ] as const) {
      const field = byId<HTMLInputElement>(input);
      byId(button).addEventListener('click', () => field.click());
      field.addEventListener('change', () => {
        const files = [...(field.files ?? [])];
        field.value = '';
        if (files.length > 0) this.take(files);
      });
    }
    byId('open-button').addEventListener('click', () => this.open());
    byId('opener-close').addEventListener('click', () => this.close());
    byId('opener').addEventListener('keydown', (event) => this.#keys(event));
    this.#listenForDrops();
  }

  setWording(wording: Wording): void {
    this.#wording = wording;
    this.#showProblem();
  }

  /** Shows the panel. With something on the page already, it can be closed again. */
  open(): void {
    const opener = byId('opener');
    if (opener.hidden) this.#openedFrom = document.activeElement as HTMLElement | null;
    opener.hidden = false;
    byId('opener-close').hidden = !this.#canClose;
    setText(byId('open-limit'), this.#wording.text('open.limit', { limit: this.#limitBytes / 1024 ** 2 }));
    byId('choose-folder').focus();
  }

  close(): void {
    if (byId('opener').hidden) return;
    byId('opener').hidden = true;
    this.#problem = null;
    this.#showProblem();
    this.#openedFrom?.focus();
  }

  /** Something is on the page now. */
  allowClosing(): void {
    this.#canClose = true;
  }

  /** Says why a folder cannot be opened. */
  report(problem: Problem): void {
    this.#problem = { key: `problem.${problem.code}`, params: problem.params };
    this.#showProblem();
    this.open();
  }

  #showProblem(): void {
    byId('problem').hidden = this.#problem === null;
    setText(
      byId('problem-text'),
      this.#problem === null ? '' : this.#wording.text(this.#problem.key, this.#problem.params),
    );
  }

  /** Files as dropped or chosen: those of a results folder are opened, otherwise the panel says what is wrong. */
  take(files: readonly File[]): void {
    if (files.length > VIEWER_LIMITS.droppedEntries) {
      this.#refuse('problem.tooManyFiles');
      return;
    }
    const known = files.filter((file) => isResultFileName(file.name));
    if (known.length === 0) {
      if (files.length === 1) this.#refuse('problem.wrongFile', { file: files[0].name.slice(0, 120) });
      else this.#refuse('problem.notResults');
      return;
    }
    this.#onFiles(known);
  }

  #refuse(key: MessageKey, params: Params = {}): void {
    this.#problem = { key, params };
    this.#showProblem();
    this.open();
  }

  #keys(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#canClose) this.close();
    if (event.key !== 'Tab') return;
    // the panel covers the page: keep the focus inside it
    const stops = [...byId('opener').querySelectorAll<HTMLElement>('button:not([hidden])')];
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
    }
  }

  #listenForDrops(): void {
    const hint = byId('drop-hint');
    addEventListener('dragover', (event) => {
      event.preventDefault();
      hint.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) hint.hidden = true;
    });
    addEventListener('drop', (event) => {
      event.preventDefault();
      hint.hidden = true;
      if (event.dataTransfer) void this.#takeDrop(event.dataTransfer);
    });
  }

  async #takeDrop(transfer: DataTransfer): Promise<void> {
    // entries must be taken before the first await: the list is empty afterwards
    const entries = [...transfer.items]
      .map((item) => item.webkitGetAsEntry())
      .filter((entry) => entry !== null);
    const plain = [...transfer.files];
    const budget = { left: VIEWER_LIMITS.droppedEntries };
    const files: File[] = [];
    try {
      for (const entry of entries) await collect(entry, 0, budget, files);
    } catch {
      files.length = 0;
    }
    if (budget.left < 0) this.#refuse('problem.tooManyFiles');
    else this.take(entries.length > 0 && files.length > 0 ? files : plain);
  }
}

/** A results folder has no folders inside; one level above it may be dropped as well. */
const DEEPEST = 2;

async function collect(
  entry: FileSystemEntry,
  depth: number,
  budget: { left: number },
  files: File[],
): Promise<void> {
  if (--budget.left < 0) return;
  if (entry.isFile) {
    files.push(
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    );
    return;
  }
  if (!entry.isDirectory || depth >= DEEPEST) return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0 || budget.left < 0) return;
    for (const child of batch) await collect(child, depth + 1, budget, files);
  }
}
