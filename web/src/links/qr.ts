// The QR code of a link's short address, to look at and to download.
import { withQuery } from '../api/client';
import type { Link } from '../api/types';
import { openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { bareUrl } from '../page/format';

const previewPixels = 512;

export function qrAddress(link: Link, format: 'svg' | 'png', size: number | string): string {
  return `/api/v1${withQuery(`/links/${encodeURIComponent(link.id)}/qr`, { format, size })}`;
}

export function openQrDialog(link: Link): void {
  const image = byId<HTMLImageElement>('qr-image');
  image.src = qrAddress(link, 'svg', previewPixels);
  image.alt = `QR code of ${link.short_url}`;
  byId('qr-address').textContent = bareUrl(link.short_url);
  const size = byId<HTMLSelectElement>('qr-size');
  const prepareDownloads = (): void => {
    for (const format of ['svg', 'png'] as const) {
      const anchor = byId<HTMLAnchorElement>(format === 'svg' ? 'qr-svg' : 'qr-png');
      anchor.href = qrAddress(link, format, size.value);
      anchor.download = `${link.code}.${format}`;
    }
  };
  size.onchange = prepareDownloads;
  prepareDownloads();
  openDialog('qr-dialog');
}
