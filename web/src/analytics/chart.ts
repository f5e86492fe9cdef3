// Chart.js with only what is used; colours come from the theme in force.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartDataset,
} from 'chart.js';
import type { BreakdownRow } from '../api/types';
import { count, shortCount } from '../page/format';
import { themeColour } from '../shell/theme';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export interface Lines {
  labels: string[];
  titles: string[];
  now: { label: string; values: number[] };
  before: number[] | null;
  bots: number[] | null;
}

const still = matchMedia('(prefers-reduced-motion: reduce)');

function useTheme(): void {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = themeColour('--v-muted');
}

const countAxis = () => ({
  beginAtZero: true,
  border: { display: false },
  grid: { color: themeColour('--v-grid') },
  ticks: {
    maxTicksLimit: 5,
    precision: 0,
    callback: (value: number | string) => shortCount(Number(value)),
  },
});

const tooltip = () => ({
  backgroundColor: themeColour('--v-tooltip'),
  titleColor: '#fff',
  bodyColor: '#fff',
  padding: 10,
  cornerRadius: 8,
  boxPadding: 4,
  usePointStyle: true,
});

/** The area under the line fades out towards the axis. */
function fade(colour: string): (context: { chart: Chart }) => CanvasGradient | string {
  return ({ chart }) => {
    const area = chart.chartArea;
    if (!area) return 'transparent';
    const gradient = chart.ctx.createLinearGradient(0, area.top, 0, area.bottom);
    gradient.addColorStop(0, `${colour}40`);
    gradient.addColorStop(1, `${colour}00`);
    return gradient;
  };
}

function line(
  label: string,
  data: number[],
  colour: string,
  extra: Partial<ChartDataset<'line'>> = {},
): ChartDataset<'line', number[]> {
  return {
    label,
    data,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    pointRadius: data.length === 1 ? 4 : 0,
    pointHoverRadius: 4,
    cubicInterpolationMode: 'monotone',
    ...extra,
  } as ChartDataset<'line', number[]>;
}

export function lineChart(canvas: HTMLCanvasElement, lines: Lines): Chart {
  useTheme();
  const accent = themeColour('--v-chart-now');
  const datasets = [
    line(lines.now.label, lines.now.values, accent, { fill: true, backgroundColor: fade(accent) }),
  ];
  if (lines.before) {
    const values = lines.before.slice(0, lines.labels.length);
    const style = { borderDash: [5, 4], borderWidth: 1.5 };
    datasets.push(line('Before', values, themeColour('--v-chart-before'), style));
  }
  if (lines.bots) datasets.push(line('Bots', lines.bots, themeColour('--v-chart-bots')));
  return new Chart(canvas, {
    type: 'line',
    data: { labels: lines.labels, datasets },
    options: {
      maintainAspectRatio: false,
      animation: still.matches ? false : { duration: 250 },
      interaction: { mode: 'index', intersect: false },
      plugins: {
        tooltip: {
          ...tooltip(),
          callbacks: {
            title: (items) => lines.titles[items[0]?.dataIndex ?? 0] ?? '',
            label: (item) => ` ${item.dataset.label}: ${count(item.parsed.y ?? 0)}`,
          },
        },
      },
      scales: {
        x: { grid: { display: false }, ticks: { maxTicksLimit: 8, maxRotation: 0 } },
        y: countAxis(),
      },
    },
  });
}

export function barChart(
  canvas: HTMLCanvasElement,
  rows: BreakdownRow[],
  chosen: (row: BreakdownRow) => void,
): Chart {
  useTheme();
  const datasets = [
    {
      label: 'Clicks',
      data: rows.map((row) => row.clicks),
      backgroundColor: themeColour('--v-chart-now'),
      borderRadius: 4,
      maxBarThickness: 22,
    },
  ];
  return new Chart(canvas, {
    type: 'bar',
    data: { labels: rows.map((row) => row.label), datasets },
    options: {
      indexAxis: 'y',
      maintainAspectRatio: false,
      animation: still.matches ? false : { duration: 250 },
      plugins: { tooltip: tooltip() },
      scales: {
        x: countAxis(),
        y: { grid: { display: false }, border: { display: false } },
      },
      onClick: (_event, elements) => {
        const row = rows[elements[0]?.index ?? -1];
        if (row) chosen(row);
      },
    },
  });
}
