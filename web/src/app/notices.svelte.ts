import { noticeTime } from './noticeTime';

export interface Notice {
  id: number;
  text: string;
  isProblem: boolean;
}

let lastId = 0;

/** Short messages at the lower edge that go away by themselves. */
class Notices {
  items = $state<Notice[]>([]);

  say(text: string, isProblem = false): void {
    const id = ++lastId;
    this.items = [...this.items.slice(-2), { id, text, isProblem }];
    setTimeout(() => this.dismiss(id), noticeTime(text, isProblem));
  }

  dismiss(id: number): void {
    this.items = this.items.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
